"""What people ask for by right, each with a clock: a copy, a correction, restriction, closure …"""

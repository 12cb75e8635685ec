"""The shared design language: tokens, components, icons, charts and sentences of all pages."""

"""The conformance kit: what the partner API has to answer, asked over real HTTP.

- ``golden``    events with the milligrams that they have to bring, from the packs' own examples
- ``desk``      the kit's own programme, partner, key and citizens in the sandbox
- ``running``   a site to talk to: the one that runs, or parts of our own
- ``caller``    a partner's program: it signs, seals, and verifies every answer
- ``reports``   the cases in which events are taken: golden, repeated, corrected, withdrawn, held
- ``refusals``  the cases in which a request must be refused
- ``run``       all of it, and the signed report
"""

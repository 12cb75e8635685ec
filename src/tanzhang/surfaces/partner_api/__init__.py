"""The partners' API under ``/v1/``, and its pages for developers under ``/developers/``.

``gate`` says who asks and whether he may, before a body is parsed; ``endpoints`` hand the matter to
a room, one file a subject; ``codes`` lists every refusal; ``answers`` sign what leaves.
"""

"""The pages for developers, under ``/developers/``, from the files in ``docs/partners``."""

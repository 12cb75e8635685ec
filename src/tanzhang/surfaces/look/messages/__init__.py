"""The sentences of the pages: found in the sources, kept in one catalogue, compiled for Django.

``python -m tanzhang.surfaces.look.messages`` (``make messages``) brings the catalogue up to date:
new sentences come in untranslated, unused ones go, translations stay. English whole sentences are
the keys; the Chinese ones are written by hand into ``locale/zh_Hans/LC_MESSAGES/django.po``.
"""

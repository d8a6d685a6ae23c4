"""The adapters: where the world's answers come in. They return values and hold no opinion."""

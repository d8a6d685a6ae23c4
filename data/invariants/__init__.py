"""What always holds, asked of a store from outside (docs/design.md, What always holds)."""

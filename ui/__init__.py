"""What pages share: layout, state, caches, widgets and charts."""

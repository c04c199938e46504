"""The control plane of Tandem: the database, the syncs of a store, and the demo."""

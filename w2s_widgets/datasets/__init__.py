"""Read inputs, labels and features from files; nothing here measures."""

"""Make the data that the package carries: one module a file in `w2s_widgets/data`."""

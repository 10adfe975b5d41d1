"""Networks: the layer catalogue, shapes and costs, presets, and the Keras builder."""

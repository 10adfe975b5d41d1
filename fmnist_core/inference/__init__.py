"""A process that computes with trained networks, so that pages need not import TensorFlow."""

def layer(x, w, b):
    raise NotImplementedError

"""How are pairs compared where one machine is not enough? Spark hands out, the engine compares."""

package main

func runSteps(seed int) journal { return journal{} }

"""What can be done with definitions: read them, draft, plan, publish, roll back."""

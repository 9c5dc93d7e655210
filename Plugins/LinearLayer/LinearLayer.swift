import ReefTasks

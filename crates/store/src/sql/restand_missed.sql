-- Whether a change of a source or a policy waits for its claims to be weighed, and no task, dead or not, is to do it.
SELECT EXISTS (SELECT 1 FROM restands)
   AND NOT EXISTS (SELECT 1 FROM tasks WHERE kind = 'restand')
   AND NOT EXISTS (SELECT 1 FROM dead_tasks WHERE kind = 'restand');

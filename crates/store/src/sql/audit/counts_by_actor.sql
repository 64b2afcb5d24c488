SELECT (SELECT t.body FROM texts t WHERE t.event = c.actor AND t.field = 'actor.name'), c.measure, c.number
  FROM (SELECT actor, measure, sum(number) AS number FROM counts
         WHERE hour >= $1 AND hour < $2 AND axis = $3 GROUP BY actor, measure) c;

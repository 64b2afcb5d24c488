SELECT kind, measure, sum(number) FROM counts WHERE hour >= $1 AND hour < $2 AND axis = $3 GROUP BY kind, measure;

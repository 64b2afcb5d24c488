-- Claims judged under a policy. $2: its name. $3: after that number. $4: at most so many. ($1 is its sibling's.)
SELECT number FROM claim_heads WHERE policy = $2 AND number > $3 ORDER BY number LIMIT $4;

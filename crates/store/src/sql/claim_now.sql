-- How one claim stands. $1: its number.
SELECT h.id, c.version, c.state, c.standing, c.due, c.affirming, c.denying, c.documents, c.outlets, c.answer_by
  FROM claims c JOIN claim_heads h ON h.number = c.number
 WHERE c.number = $1;

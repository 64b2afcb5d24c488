SELECT command, refused_at, actor, role, claim, what FROM refused_approvals
 WHERE refused_at >= $1 AND refused_at < $2 ORDER BY refused_at, id;

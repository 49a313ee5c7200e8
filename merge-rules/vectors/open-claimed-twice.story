Who claims anew over the other's release alone is in its own way.
---
node claims track 1-3 class 1 as one
rival claims track 2-4 class 2 as two
rival releases two as end
node claims track 1-3 class 1 over two by end as again
---
one/0: displaced [OPEN-3]: one yields to claim two; claim anew when that one has ended
two/0: ended [BACK-2]: two was released by end
end: firm [RULE-2]: end is said by one who is granted to say it
again/0: displaced [OPEN-3]: again yields to claim one; claim anew when that one has ended
track is taken 1-3 by again/0
track is taken 1-3 by one/0
exception: displaced [OPEN-3]: one yields to claim two; claim anew when that one has ended
exception: displaced [OPEN-3]: again yields to claim one; claim anew when that one has ended
exception: ended [BACK-2]: two was released by end

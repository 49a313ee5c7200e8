Who may not deny trips nothing, and whoever may trips nothing at or above its own anchor [BREAK-2].
---
root gives region: pad 0-12 of first as right
region claims pad 1-3 of right as job
node trips a/b from a as foreign
region trips a from federation as own
may job at 2
---

@rem The npm scripts say "exec node …" so that signals reach the program and not a shell; Windows has no exec, so this is it.
@%*

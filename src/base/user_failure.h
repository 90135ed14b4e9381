#pragma once
/// How an error of a user's own code leaves a call that returns nothing.
///
/// The calls of a behaviour (delstep/behaviour.h) return void, since the built-in ones cannot fail.
/// One that a user has written can: it throws, or breaks a promise. Whoever stands between that code
/// and the core (user_models/own_behaviour.h) then throws a UserFailure, and the core, where it
/// calls a behaviour, makes a Result of it again. Nothing else throws or catches it.
#include "delstep/result.h"

namespace delstep {

/// Not a std::exception: the user's own `catch` does not take it for one of theirs.
struct UserFailure {
  Error error;  ///< names the user's file, and not the node
};

}  // namespace delstep

#pragma once
/// What a backend cannot give to a link, refused by the name of the key: a helper could refuse it
/// only by ending.
///
/// Errors: kRefused, with the key.
#include "delstep/network.h"
#include "delstep/result.h"
#include "network/remote/remote_network.h"

namespace delstep::remote {

/// Whether a link, or all of them, can be so.
Result<void> CheckLink(const Backend& backend, const LinkProperties& link);

/// Whether a single link can be so where all others are as `all`.
Result<void> CheckSingle(const Backend& backend, const LinkProperties& link,
                         const LinkProperties& all);

}  // namespace delstep::remote

#pragma once
/// A network that a helper program carries (docs/internals/network-helpers.md).
///
/// Calls that only change something are written down and told to the helper together with the next
/// one that is answered: a round trip per step, not per message. So what the helper cannot do comes
/// to light a call later, and is the end of it; whatever can be foreseen is refused here.
///
/// Nothing that the helper says is believed: each end must be of a message on the way, in order,
/// and within the time that was asked for.
///
/// Copies. Where `traits.can_snapshot` says so, a copy of the network is a copy of the helper,
/// which forks itself; and the network keeps a journal of all that has changed it. Few processes
/// live at a time (helper_pool.h). A network whose process was ended, or whose process died before
/// the network ever spoke to it, plays its journal to a fresh one when it is next used. So going
/// back always works. A process that dies after the network has spoken to it takes the network with
/// it (Network::failure()).
///
/// Saving: the journal, and what is on the way. Loading checks every value; the journal is played
/// at the first use, and what is on the way then must be what was saved.
///
/// Errors: as network.h says; kUnavailable if the helper is gone, with the reason and what it last
/// wrote to its standard error.
///
/// Threads: as network.h says; copies may be used in other threads, and several threads may copy
/// the same network.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "delstep/network.h"
#include "delstep/result.h"
#include "network/remote/helper_process.h"

namespace delstep::remote {

/// What a backend says of itself and of its helper.
struct Backend {
  HelperProgram program;
  NetworkTraits traits;        ///< without the version, which the helper tells
  std::string options = "{}";  ///< for the helper: a JSON object
  std::uint64_t seed = 0;
  LinkProperties link{};  ///< the default one of the beginning
  /// What the backend cannot give to a link, besides what its traits say: an error kRefused with
  /// the key. Empty: it can do all.
  std::function<Result<void>(const LinkProperties& link)> check_link{};
  /// Says in plainer words why the helper has gone, where the backend knows more than the system.
  std::function<void(Error& error)> explain{};
};

/// Starts the helper and begins the session with it. Errors: kRefused for a default link that the
/// backend cannot give; kUnavailable if there is no helper, or it does not begin.
Result<std::unique_ptr<Network>> MakeRemoteNetwork(Backend backend);

}  // namespace delstep::remote

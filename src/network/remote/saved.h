#pragma once
/// A network that a helper program carries, as bytes.
#include <functional>
#include <string>
#include <string_view>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/types.h"
#include "network/remote/journal.h"
#include "network/remote/on_the_way.h"

namespace delstep::remote {

struct Saved {
  std::string version;  ///< of the helper: another one may play the journal differently
  /// With which the helper began. The settings of whoever loads it may have another one by now.
  LinkProperties link{};
  SimTime start{};  ///< what our clock showed when the helper's showed 0
  Journal journal;
  OnTheWay on_the_way;  ///< at the end of the journal
};

/// The last bytes are a hash of the others.
std::string WriteSaved(const Saved& saved);

/// `is_attached` says which nodes the network has. Errors: kFile for bytes that WriteSaved() cannot
/// have written; every value is looked at. What it cannot see is whether a helper that plays the
/// journal comes to the same messages on the way.
Result<Saved> ReadSaved(std::string_view bytes,
                        const std::function<bool(NodeId node)>& is_attached);

Error NotWhatWasSaved();

}  // namespace delstep::remote

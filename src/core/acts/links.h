#pragma once
/// Links that change during a run: `link`, `set network.loss`.
///
/// A link is one direction between two nodes. One that has been changed by itself keeps properties
/// of its own (World::single_links), all others have the default ones.
/// All of it comes after what the network has ended at the present moment: in the middle of an
/// instant that is handled first (FinishArrivals()). Contacts may end in that; such links are left
/// out, and the only one that was asked for is refused.
/// Units: loss is a probability in [0, 1], latency in simulated nanoseconds, bandwidth in bits per
///   second.
/// Errors: kRefused for a link that is not there. Those of a network that fails come through, and
///   nothing has changed; but a network that cannot be copied may have taken some of the links.
/// Threads: one caller at a time.
#include <span>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Changes all links without properties of their own.
Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link);
/// Loss of all links. Requires 0 <= loss <= 1. Links that differ from the default in nothing then
/// have no properties of their own any more.
Result<void> SetDefaultLoss(Run& run, double loss);
/// Changes what `change` says of links that are there, one direction each, in the order given.
Result<LinkReport> ChangeLinks(Run& run, std::span<const LinkView> links, const LinkChange& change);
/// Those of the links that have properties of their own follow the default link again, also in
/// being up. The report names them. Links that followed it already are passed over.
Result<LinkReport> ResetLinks(Run& run, std::span<const LinkView> links);
/// Changes what `change` says of the link from a to b, and of the one back unless one_way; bringing
/// one up makes it where there is none. See Simulation::ChangeLink.
Result<LinkReport> ChangeLink(Run& run, NodeId a, NodeId b, const LinkChange& change);

}  // namespace delstep

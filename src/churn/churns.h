#pragma once
/// This folder's entries in the registry, and what makes each. Errors are those of MakeChurn in
/// registry.h; the key whose value is to blame is named.
#include "delstep/registry.h"

namespace delstep {

/// `none`, `sessions`, `diurnal`, `trace`.
void AddChurn(Parts<MakeChurn>& churn);

/// Each node for itself is online and offline in turns (an alternating renewal process). How long
/// each stay lasts is drawn from churn.on or churn.off; no stay is shorter than a millisecond.
///
/// In the long run a node is online on/(on + off) of the time, `on` and `off` being the means. A
/// node is online at the start with this probability. Its first stay is drawn as a whole one rather
/// than as the rest of one that is under way. So with long-tailed stays fewer nodes come and go
/// in the first minutes than later, and with constant ones they all change at the same moments.
///
/// The k-th stay of a node, from 0, comes from the stream (seed, churn, node, k).
Result<std::unique_ptr<Churn>> MakeSessions(const Scenario& scenario);

/// As many are online as the time of day says, and it is mostly the same nodes at the same time of
/// day: the model of the decentralized learning simulator DLS (churn_manager.py). At time t of a
/// day of length T = churn.period,
///
///   target(t)  = min + (max - min) (sin(2 pi t / T) + 1) / 2     share of nodes online
///   score_i(t) = sin(2 pi t / T + phi_i) + beta_i
///   phi_i ~ U(0, 2 pi): the node's own time of day;  beta_i ~ Beta(2, 5) - 2/7: how eager it is
///
/// and the target(t) * nodes.count nodes with the highest scores are online, rounded to a whole
/// number. A day has 360 steps; all changes are at the beginning of one, and days are alike. Over a
/// whole day (min + max) / 2 of the nodes are online in the mean.
///
/// A node that joins later is online while its score is at least that of the last of the first
/// nodes.count nodes that is online, so it takes nobody's place. phi and beta come from the stream
/// (seed, churn, node, 0).
Result<std::unique_ptr<Churn>> MakeDiurnal(const Scenario& scenario);

/// Online as churn.table says, which is what churn.file held; see online_times.h. Nodes that the file does not name are always online,
/// and a note tells how many.
Result<std::unique_ptr<Churn>> MakeTraceChurn(const Scenario& scenario);

}  // namespace delstep

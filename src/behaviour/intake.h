#pragma once
/// What gossip and token do with a model that was received. There are three ways (Ormandi, Hegedus,
/// Jelasity, "Gossip learning with linear models on fully distributed data", Concurrency and
/// Computation 25, 2013, algorithm 2; Hegedus, Danner, Jelasity, "Decentralized learning works",
/// JPDC 148, 2021), with own model x, received model r, and U for training:
///
///   merge-update    x <- U(merge(x, r))
///   update-merge    x <- merge(U(x), r)
///   update          x <- U(r)
///
/// In the papers update-merge trains both models. Here r comes as its sender has trained it, and
/// only x is trained: a node trains one model at a time, its own.
///
/// merge(x, r) is (x + r) / 2, or by age (t x + t_r r) / (t + t_r), where the age t is the number
/// of trainings in a model: after a merge it is max(t, t_r). Two models of age 0 weigh the same.
/// The age travels as MessageTag::number.
///
/// Memory (behaviour.h) used: the first two numbers.
#include <cstddef>
#include <cstdint>
#include <span>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A value; threads: as Behaviour.
class Intake {
 public:
  /// Where the behaviour may begin with numbers of its own.
  static constexpr std::size_t kMemory = 2;

  /// Errors: kUsage for an unknown `update` or `merge`.
  static Result<Intake> Make(const BehaviourOptions& options);

  /// The age of the node's model: all trainings of the node, also those by hand, and what came with
  /// models that were merged.
  static std::uint64_t Age(Host& node);

  /// Takes in a model of the inbox; requires that the node is not busy. Returns true when that is
  /// done. False: it trains; call Trained() in OnTrained.
  bool Take(Host& node, const ReceivedMessage& message) const;
  void Trained(Host& node) const;

 private:
  enum class Update : std::uint8_t { kMergeUpdate, kUpdateMerge, kUpdate };

  Intake() = default;
  void Merge(Host& node, const ReceivedMessage& message) const;

  Update update_ = Update::kMergeUpdate;
  bool by_age_ = false;
};

/// A later message of the inbox brings a newer model of the same sender. While a node trains,
/// models wait; of each sender the newest is enough, so an inbox never holds more than one per
/// neighbour for long.
bool IsSuperseded(std::span<const ReceivedMessage> inbox, std::size_t place);

}  // namespace delstep

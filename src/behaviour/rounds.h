#pragma once
/// Synchronous rounds: what `d-psgd` and `epidemic` have in common. They differ in who sends to
/// whom and in the weights of the merge.
///
///   begin       when the last round is done and a turn is due:
///                 r <- r + 1; train
///   trained     send the model, with the number r, to those who are to have it
///   wait        for all partners from whom something of round r is to come;
///               at most `timeout` after the own sending
///   mix         merge what has come of round r; the round is done
///
/// What comes of later rounds waits in the inbox. A turn that falls due in a round begins the next
/// one as soon as that can be; of several such turns one. A neighbour that goes down or parts is
/// not waited for any more; what it had sent before is merged.
///
/// A node that was away (down, out of range, new, or too late for a timeout) is behind the others,
/// who do not wait for an earlier round. It learns of it by a header of 64 bytes, "I am in round
/// n": from each new neighbour, and from each that gets a message of a round that is over. It does
/// not wait for that neighbour before round n, and when it is done with its own round, n is the
/// next. In a network that stands still, loses nothing and has no timeout there are no such
/// headers.
///
/// Messages: MessageTag::number is the round, from 1.
///   kModel      with a model: that of the round. Without: "no model from me in this round"
///   kReply      a header: "I am in this round"
///   kRequest    a header: "I wait for you in this round" (only where asks() is true)
///
/// Without a timeout a message that is lost is waited for until its sender goes or parts.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "delstep/behaviour.h"

namespace delstep {

/// Derive and fill in four questions. `round` counts from 1. Threads: as Behaviour.
class Rounds : public Behaviour {
 public:
  explicit Rounds(std::optional<Duration> timeout) : timeout_(timeout) {}

  bool merges() const final { return true; }
  void OnTurn(Host& node) const final;
  void OnReceive(Host& node, const ReceivedMessage& message) const final;
  void OnTrained(Host& node) const final;
  void OnMeet(Host& node, NodeId peer) const final;
  void OnPart(Host& node, NodeId peer) const final;
  void OnWake(Host& node) const final;

  /// The round that the node is in, or begins next.
  static std::uint64_t RoundOf(Host& node);
  /// It has sent its model of the round, and waits for the others.
  static bool IsWaiting(Host& node);

 private:
  /// The node is trained: sends what is to be sent in this round.
  virtual void SendRound(Host& node, std::uint64_t round) const = 0;
  /// What one partner gets who was not there when the round was sent.
  virtual void SendLate(Host& node, std::uint64_t round, NodeId peer) const = 0;
  /// The partners from whom a message of the round is to come, ascending.
  virtual std::vector<NodeId> Awaited(Host& node, std::uint64_t round) const = 0;
  /// Merges models of the round: one per sender, ascending by sender, at least one.
  virtual void Mix(Host& node, std::span<const ReceivedMessage> models) const = 0;
  /// Whether a node that waits from one turn to the next asks those that it waits for. Needed where
  /// the peers of a round do not wait for the node in turn, so that they may be rounds ahead.
  virtual bool asks() const = 0;

  void Advance(Host& node) const;
  void Begin(Host& node) const;
  void Trained(Host& node) const;
  bool IsOver(Host& node) const;
  void Finish(Host& node) const;
  void SortInbox(Host& node) const;
  /// `least`, or a later round that a neighbour is in.
  static std::uint64_t Following(Host& node, std::uint64_t least);
  static void GoTo(Host& node, std::uint64_t round);
  std::vector<NodeId> Missing(Host& node) const;

  std::optional<Duration> timeout_;
};

}  // namespace delstep

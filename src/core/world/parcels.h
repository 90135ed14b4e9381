#pragma once
/// Messages with what they say, by their numbers; and how many of them each node has on the way.
///
/// Numbers of messages follow each other, and messages end in about the order in which they began.
/// So they lie in parts of 32 consecutive numbers: a part is found by a subtraction, a message needs
/// no memory of its own, and a part that has become empty goes. Copies of a world share parts until
/// one of them changes a message in it.
///
/// Errors: none. Threads: as for World.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/cow.h"
#include "core/world/guestbook.h"
#include "delstep/behaviour.h"
#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

/// A message with what it says. The network carries the header only.
struct ModelMessage {
  Message header;
  SharedModel model;          ///< its row is empty where a behaviour has sent the header alone
  SimTime sent{}, arrived{};  ///< once it is on the wire; once it waits or is in an inbox
  MessageTag tag{};           ///< what a behaviour says beside the model
  bool told = false;          ///< in an inbox: the receiver's behaviour knows of it
};

/// A set of messages, in the order of their numbers: an outbox, or what is on the wire.
///
/// Cost: Add(), Find() and Take() take constant time where numbers follow each other, else that of
/// a binary search among the parts. Memory: room for 32 messages for each part that holds one.
class Parcels {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// Null if it is not there. Good until something is added, taken or sorted.
  const ModelMessage* Find(MessageId id) const;
  /// Where it lies, if it is there at all, without a look at that memory: to ask for it ahead.
  const ModelMessage* PlaceToBe(MessageId id) const {
    const Part* part = PartOf(static_cast<std::uint64_t>(id) / kPart);
    return part ? &part->slots[static_cast<std::uint64_t>(id) % kPart] : nullptr;
  }
  /// Requires that it is not there.
  void Add(ModelMessage message);
  /// Requires that it is there.
  ModelMessage Take(MessageId id);

  /// visit(message) for each, ascending. The set must not change meanwhile.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (const Place& place : *parts_)
      for (std::uint64_t left = place.part->there; left != 0; left &= left - 1)
        visit(place.part->slots[Lowest(left)]);
  }
  /// What becomes of a message: it stays, it moves to another set, or it is dropped.
  enum class Fate : std::uint8_t { kStays, kMoves, kGoes };
  /// decide(message) says it for each, ascending; nothing instead of a Fate ends the round, and the
  /// message and all after it stay. Those that move are in `other` afterwards, as sent at `sent`.
  /// Neither set must be looked at or changed meanwhile. Parts whose messages all move go over as
  /// they are, so that no message is touched twice.
  template <class Decide>
  void Sort(Decide decide, Parcels& other, SimTime sent);

  /// Of the parts that the other does not share.
  Bytes OwnBytes(const Parcels& other) const;

 private:
  static constexpr std::uint64_t kPart = 32;
  struct Part {
    std::uint64_t there = 0;  ///< a bit for each slot
    std::array<ModelMessage, kPart> slots{};
  };
  /// The part with the numbers from number * kPart on. Once empty it is null, until Tidy().
  struct Place {
    std::uint64_t number = 0;
    Cow<Part> part;
  };

  static std::size_t Lowest(std::uint64_t bits) {
    return static_cast<std::size_t>(std::countr_zero(bits));
  }
  static std::uint64_t Bit(std::uint64_t number) { return std::uint64_t{1} << number % kPart; }
  /// The first place whose number is not below; parts_->size() if there is none.
  std::size_t PlaceOf(std::uint64_t part) const;
  const Part* PartOf(std::uint64_t part) const;
  /// The part with this number, to be filled: null, if it is new here.
  Cow<Part>& ToFill(std::uint64_t part);
  /// Takes these slots out of the part at that place: into `other`, or out of the world.
  void Move(std::size_t place, std::uint64_t moving, Parcels& other, SimTime sent);
  void Drop(std::size_t place, std::uint64_t going);
  void NoteTaken(Place& place, std::uint64_t taken);
  /// These are all that the part has. Returns the part.
  Cow<Part> Empty(Place& place, std::uint64_t taken);
  /// Drops empty places once they are the most.
  void Tidy();

  Cow<std::vector<Place>> parts_;  // ascending
  std::size_t empty_places_ = 0;
  std::size_t size_ = 0;
};

template <class Decide>
void Parcels::Sort(Decide decide, Parcels& other, SimTime sent) {
  bool more = true;
  for (std::size_t i = 0; more && i < parts_->size();) {
    const std::uint64_t number = (*parts_)[i].number;
    const Part& part = *(*parts_)[i].part;
    const Part& next = *(*parts_)[std::min(i + 1, parts_->size() - 1)].part;
    std::uint64_t moving = 0, going = 0;
    for (std::uint64_t left = part.there; more && left != 0; left &= left - 1) {
      const std::size_t slot = Lowest(left);
      __builtin_prefetch(&next.slots[slot].header, 1);
      __builtin_prefetch(&next.slots[slot].sent, 1);
      const std::optional<Fate> fate = decide(part.slots[slot]);
      more = fate.has_value();
      if (fate == Fate::kMoves) moving |= Bit(slot);
      if (fate == Fate::kGoes) going |= Bit(slot);
    }
    // What is not touched stays shared.
    if (going != 0) Drop(i, going);
    if (moving != 0) Move(i, moving, other, sent);
    // At once, as Take() does: a moment's size, which a checkpoint tells, counts places.
    Tidy();
    i = PlaceOf(number + 1);
  }
}

/// How many messages a node has in its outbox, and on the wire to and from it.
struct MailCount {
  std::uint32_t outbox = 0, in_flight_to = 0, in_flight_from = 0;
  friend auto operator<=>(const MailCount&, const MailCount&) = default;
};

/// Of every node. They change with each message, and other parts of a node do not: apart from the
/// nodes they stay in the cache, and a message copies no node that a moment shares.
class MailCounts {
 public:
  /// Zeros, where nothing was ever counted.
  const MailCount& Of(NodeId node) const;
  MailCount& Write(NodeId node) {
    const std::size_t part = Index(node) / kPart;
    if (part >= parts_.size()) parts_.resize(part + 1);
    return parts_[part].Write()[Index(node) % kPart];
  }
  /// Of the parts that the other does not share.
  Bytes OwnBytes(const MailCounts& other) const;

 private:
  static constexpr std::size_t kPart = 64;
  using Part = std::array<MailCount, kPart>;
  std::vector<Cow<Part>> parts_;
};

}  // namespace delstep

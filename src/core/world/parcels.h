#pragma once
/// Messages with what they say, by their numbers; and how many of them each node has on the way.
///
/// Numbers of messages follow each other, and messages end in about the order in which they began.
/// So they lie in parts of 32 consecutive numbers: a part is found by a subtraction, a message needs
/// no memory of its own, and a part that has become empty goes. Copies of a world share parts until
/// one of them changes a message in it.
///
/// Errors: none. Threads: as for World.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
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
  /// Null if it is not there. Good until something is added or taken.
  const ModelMessage* Find(MessageId id) const;
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
  /// The same for those that are there now, where `visit` may take the message that it is shown out
  /// of the set. It returns false to end the round.
  template <class Visit>
  void ForEachToTake(Visit visit);

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
  /// Drops empty places once they are the most.
  void Tidy();

  Cow<std::vector<Place>> parts_;  // ascending
  std::size_t empty_places_ = 0;
  std::size_t size_ = 0;
};

template <class Visit>
void Parcels::ForEachToTake(Visit visit) {
  // By number: places move when parts go.
  std::vector<std::uint64_t> numbers;
  for (const Place& place : *parts_) numbers.push_back(place.number);
  for (const std::uint64_t number : numbers) {
    const Part* first = PartOf(number);
    for (std::uint64_t left = first ? first->there : 0; left != 0; left &= left - 1)
      if (!visit(PartOf(number)->slots[Lowest(left)])) return;
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

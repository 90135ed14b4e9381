#include "core/world/parcels.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace delstep {

// Numbers follow each other, so that a part mostly stands as far from the first as its number says;
// where there are gaps it stands before that.
std::size_t Parcels::PlaceOf(std::uint64_t part) const {
  const std::vector<Place>& places = *parts_;
  if (places.empty() || part <= places.front().number) return 0;
  const std::uint64_t guess = part - places.front().number;
  auto end = places.end();
  if (guess < places.size()) {
    end = places.begin() + static_cast<std::ptrdiff_t>(guess);
    if (end->number == part) return static_cast<std::size_t>(guess);
  }
  return static_cast<std::size_t>(
      std::ranges::lower_bound(places.begin(), end, part, {}, &Place::number) - places.begin());
}

const Parcels::Part* Parcels::PartOf(std::uint64_t part) const {
  const std::size_t place = PlaceOf(part);
  return place < parts_->size() && (*parts_)[place].number == part ? &*(*parts_)[place].part
                                                                   : nullptr;
}

const ModelMessage* Parcels::Find(MessageId id) const {
  const auto number = static_cast<std::uint64_t>(id);
  const Part* part = PartOf(number / kPart);
  return part && part->there & Bit(number) ? &part->slots[number % kPart] : nullptr;
}

Cow<Parcels::Part>& Parcels::ToFill(std::uint64_t part) {
  std::vector<Place>& places = parts_.Write();
  const std::size_t at = PlaceOf(part);
  // Almost always at the end. What was queued while its sender was down comes before others.
  if (at == places.size() || places[at].number != part)
    places.insert(places.begin() + static_cast<std::ptrdiff_t>(at), Place{part, {}});
  else if (!places[at].part.identity())
    --empty_places_;
  return places[at].part;
}

void Parcels::Add(ModelMessage message) {
  const auto number = static_cast<std::uint64_t>(message.header.id);
  Part& part = ToFill(number / kPart).Write();
  assert(!(part.there & Bit(number)));
  part.slots[number % kPart] = std::move(message);
  part.there |= Bit(number);
  ++size_;
}

ModelMessage Parcels::Take(MessageId id) {
  assert(Find(id));
  const auto number = static_cast<std::uint64_t>(id);
  Place& place = parts_.Write()[PlaceOf(number / kPart)];
  // Numbers stay in the slot, where nobody looks at them. The row goes with the message.
  ModelMessage message = std::move(place.part.Write().slots[number % kPart]);
  NoteTaken(place, Bit(number));
  Tidy();
  return message;
}

void Parcels::NoteTaken(Place& place, std::uint64_t taken) {
  Part& part = place.part.Write();
  part.there &= ~taken;
  if (part.there == 0)
    Empty(place, taken);
  else
    size_ -= static_cast<std::size_t>(std::popcount(taken));
}

Cow<Parcels::Part> Parcels::Empty(Place& place, std::uint64_t taken) {
  size_ -= static_cast<std::size_t>(std::popcount(taken));
  ++empty_places_;
  return std::exchange(place.part, {});
}

void Parcels::Move(std::size_t place, std::uint64_t moving, Parcels& other, SimTime sent) {
  Place& from = parts_.Write()[place];
  Cow<Part>& to = other.ToFill(from.number);
  other.size_ += static_cast<std::size_t>(std::popcount(moving));
  // Most often a whole part goes on the wire: it is handed over, and its messages stay where they
  // lie. Shared with a moment, it is copied once, below.
  if (!to.identity() && from.part->there == moving) {
    to = Empty(from, moving);
  } else {
    Part &source = from.part.Write(), &target = to.Write();
    assert((target.there & moving) == 0);
    for (std::uint64_t left = moving; left != 0; left &= left - 1)
      target.slots[Lowest(left)] = std::move(source.slots[Lowest(left)]);
    target.there |= moving;
    NoteTaken(from, moving);
  }
  Part& part = to.Write();
  for (std::uint64_t left = moving; left != 0; left &= left - 1)
    part.slots[Lowest(left)].sent = sent;
}

void Parcels::Drop(std::size_t place, std::uint64_t going) {
  Place& from = parts_.Write()[place];
  if (from.part->there == going) {
    Empty(from, going);  // whoever shares it keeps it
    return;
  }
  Part& part = from.part.Write();
  // Out of the slots altogether: what stayed there would keep a row alive.
  for (std::uint64_t left = going; left != 0; left &= left - 1) part.slots[Lowest(left)] = {};
  NoteTaken(from, going);
}

void Parcels::Tidy() {
  if (size_ == 0) {
    parts_ = {};
    empty_places_ = 0;
  } else if (2 * empty_places_ > parts_->size()) {
    std::erase_if(parts_.Write(), [](const Place& place) { return !place.part.identity(); });
    empty_places_ = 0;
  }
}

Bytes Parcels::OwnBytes(const Parcels& other) const {
  if (parts_.SharesWith(other.parts_)) return 0;
  Bytes bytes = parts_->size() * sizeof(Place);
  for (const Place& place : *parts_) {
    if (!place.part.identity()) continue;
    const std::size_t known = other.PlaceOf(place.number);
    if (known == other.parts_->size() || !place.part.SharesWith((*other.parts_)[known].part))
      bytes += sizeof(Part);
  }
  return bytes;
}

const MailCount& MailCounts::Of(NodeId node) const {
  static constexpr MailCount kNone;
  const std::size_t part = Index(node) / kPart;
  return part < parts_.size() ? (*parts_[part])[Index(node) % kPart] : kNone;
}

Bytes MailCounts::OwnBytes(const MailCounts& other) const {
  Bytes bytes = parts_.size() * sizeof(Cow<Part>);
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (i >= other.parts_.size() || !parts_[i].SharesWith(other.parts_[i])) bytes += sizeof(Part);
  return bytes;
}

}  // namespace delstep

#include "core/world/cycle_record.h"

#include <algorithm>

namespace delstep {

void DeliveryLog::Note(const Delivery& delivery) {
  // The first stay the first, also where one of them was removed.
  if (size_ == kCapacity || left_out_ > 0) {
    ++left_out_;
    return;
  }
  if (parts_.empty() || parts_.back()->size() == kPart) {
    parts_.emplace_back();
    if (parts_.size() > 1) parts_.back().Write().reserve(kPart);  // a long log goes on
  }
  parts_.back().Write().push_back(delivery);
  ++size_;
}

void DeliveryLog::Remove(std::span<const std::uint64_t> messages) {
  const auto is_removed = [&](const Delivery& delivery) {
    return std::ranges::binary_search(messages, delivery.message);
  };
  // Parts without any stay shared.
  for (auto& part : parts_)
    if (std::ranges::any_of(*part, is_removed)) size_ -= std::erase_if(part.Write(), is_removed);
}

std::vector<Delivery> DeliveryLog::Values() const {
  std::vector<Delivery> values;
  values.reserve(size_);
  for (const auto& part : parts_) values.insert(values.end(), part->begin(), part->end());
  return values;
}

void DeliveryLog::Set(const std::vector<Delivery>& deliveries, std::uint64_t left_out) {
  *this = DeliveryLog();
  for (const Delivery& delivery : deliveries) Note(delivery);
  left_out_ = left_out;
}

Bytes DeliveryLog::OwnBytes(const DeliveryLog& other) const {
  Bytes bytes = parts_.size() * sizeof(parts_[0]);
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (i >= other.parts_.size() || !parts_[i].SharesWith(other.parts_[i]))
      bytes += parts_[i]->size() * sizeof(Delivery);
  return bytes;
}

}  // namespace delstep

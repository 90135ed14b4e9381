#include "core/world/cycle_record.h"

namespace delstep {

void DeliveryLog::Note(const Delivery& delivery) {
  if (size_ == kCapacity) {
    ++left_out_;
    return;
  }
  if (size_ % kPart == 0) parts_.emplace_back();
  parts_.back().Write().push_back(delivery);
  ++size_;
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

#include "core/member_lists.h"

#include <utility>
#include <vector>

#include "core/cluster/orders.h"

namespace delstep {

void MemberLists::ReadExamples(ByteReader& reader) {
  for (std::size_t left = reader.Count(16); left > 0; --left) {
    const std::uint64_t number = reader.Number();
    examples_[number] =
        std::make_shared<const std::vector<std::uint32_t>>(ListOf<std::uint32_t>(reader.Text()));
  }
}

void MemberLists::ReadLabels(ByteReader& reader, const Engine* engine) {
  for (std::size_t left = reader.Count(16); left > 0; --left) {
    const std::uint64_t number = reader.Number();
    auto own = std::make_shared<OwnLabels>();
    own->labels = ListOf<std::int32_t>(reader.Text());
    // Labels are for trainings, and those have an engine.
    if (engine == nullptr) continue;
    own->dataset = engine->data.dataset;
    own->dataset.labels = own->labels;
    labels_[number] = std::move(own);
  }
}

void MemberLists::Forget(std::uint64_t number) {
  // One numbering serves both.
  examples_.erase(number);
  labels_.erase(number);
}

std::shared_ptr<const OwnLabels> MemberLists::LabelsOf(std::uint64_t number) const {
  return number == 0 ? nullptr : labels_.at(number);
}

}  // namespace delstep

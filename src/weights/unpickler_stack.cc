// The interpreter's bytes and stack.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "weights/unpickler.h"

namespace delstep::pickle {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 20;
constexpr const char* kHowToSave = "in Python: torch.save(model.state_dict(), FILE)";

}  // namespace

void Unpickler::Fail(const std::string& what, std::string hint) {
  if (error_) return;
  error_ = BadFile(fmt::format("'{}', byte {}: {}", name_, opcode_at_, what),
                   hint.empty() ? kHowToSave : std::move(hint));
}

std::span<const std::uint8_t> Unpickler::Take(std::uint64_t count) {
  if (error_) return {};
  if (count > bytes_.size() - at_) {
    Fail("the pickle ends early", "the file is damaged: fetch or write it again");
    return {};
  }
  at_ += count;
  return bytes_.subspan(at_ - count, count);
}

std::uint64_t Unpickler::Number(std::size_t size) {
  const auto bytes = Take(size);
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | bytes[i];
  return number;
}

// Seeds may have more than 64 bits; no size of a tensor has.
void Unpickler::PushLong(std::size_t size) {
  if (size > 8) {
    Take(size);
    return Push({.kind = Kind::kReal});
  }
  // Two's complement of any length: the sign is in the highest byte that is there.
  const std::size_t shift = 64 - 8 * size;
  const auto number = size == 0 ? 0 : static_cast<std::int64_t>(Number(size) << shift) >> shift;
  Push({.kind = Kind::kNumber, .number = number});
}

std::string_view Unpickler::Text(std::uint64_t size) {
  const auto bytes = Take(size);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view Unpickler::Line() {
  const auto rest = bytes_.subspan(at_);
  const auto end = std::ranges::find(rest, '\n');
  const std::string_view text = Text(static_cast<std::uint64_t>(end - rest.begin()));
  Take(1);
  return text;
}

void Unpickler::Push(Value value) {
  if (error_) return;
  // A file of a few bytes could otherwise ask for any amount of memory.
  if (values_.size() == kMostValues) return Fail("it holds more than a million values");
  stack_.push_back(static_cast<Ref>(values_.size()));
  values_.push_back(std::move(value));
}

Ref Unpickler::Pop() {
  const auto items = PopLast(1);
  return items.empty() ? Ref{0} : items[0];
}

std::vector<Ref> Unpickler::PopLast(std::size_t count) {
  if (error_) return {};
  // What lies below a mark belongs to the container that is being filled.
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() < floor + count) {
    Fail("more values are used than there are");
    return {};
  }
  std::vector<Ref> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
  stack_.resize(stack_.size() - count);
  return items;
}

std::vector<Ref> Unpickler::PopMarked() {
  if (marks_.empty()) {
    Fail("a mark is used that was not set");
    return {};
  }
  std::vector<Ref> items = PopLast(stack_.size() - marks_.back());
  marks_.pop_back();
  return items;
}

}  // namespace delstep::pickle

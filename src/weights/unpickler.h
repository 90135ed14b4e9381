#pragma once
/// The interpreter behind pickle.h.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/result.h"
#include "weights/pickle_values.h"

namespace delstep::pickle {

/// Runs once. After the first error every read gives nothing, and Run() returns that error.
class Unpickler {
 public:
  /// The pickle outlives the interpreter and its values.
  Unpickler(std::span<const std::uint8_t> bytes, const std::string& name)
      : bytes_(bytes), name_(name) {}

  /// The place of the value that was pickled.
  Result<Ref> Run();
  const Values& values() const { return values_; }

 private:
  void Step(std::uint8_t opcode);
  bool PushPlain(std::uint8_t opcode);
  bool PushNumberOrText(std::uint8_t opcode);
  bool Collect(std::uint8_t opcode);
  bool UseMemo(std::uint8_t opcode);
  void PushLong(std::size_t size);
  void PushGlobal(std::string_view module, std::string_view global);
  void Reduce();
  void Build();
  void LoadStorage();

  std::span<const std::uint8_t> Take(std::uint64_t count);
  std::uint64_t Number(std::size_t size);
  std::string_view Text(std::uint64_t size);
  std::string_view Line();
  void Push(Value value);
  Ref Pop();
  std::vector<Ref> PopMarked();
  std::vector<Ref> PopLast(std::size_t count);
  void Extend(Ref container, Kind kind, std::vector<Ref> items);
  void Remember(std::uint64_t place);
  bool BeginsObject() const;
  void Fail(const std::string& what, std::string hint = {});

  std::span<const std::uint8_t> bytes_;
  std::string name_;
  std::size_t at_ = 0, opcode_at_ = 0;
  Values values_{Value{}};  // the first is None, and stands for what is missing after an error
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, Ref> memo_;
  std::optional<Error> error_;
  bool done_ = false;
};

}  // namespace delstep::pickle

#include "weights/unpickler.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"

namespace delstep::pickle {
namespace {

using Number = NumberType::Kind;
constexpr std::array kStorageTypes = {NumberType{"FloatStorage", Number::kFloat, 4},
                                      NumberType{"DoubleStorage", Number::kFloat, 8},
                                      NumberType{"HalfStorage", Number::kFloat, 2},
                                      NumberType{"BFloat16Storage", Number::kBfloat, 2},
                                      NumberType{"LongStorage", Number::kSigned, 8},
                                      NumberType{"IntStorage", Number::kSigned, 4},
                                      NumberType{"ShortStorage", Number::kSigned, 2},
                                      NumberType{"CharStorage", Number::kSigned, 1},
                                      NumberType{"ByteStorage", Number::kUnsigned, 1},
                                      NumberType{"BoolStorage", Number::kUnsigned, 1}};

/// Opcodes by their names in pickletools.
enum Opcode : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinUnicode = 'X',
  kShortBinUnicode = 0x8c,
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kEmptyList = ']',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kEmptyDict = '}',
  kProto = 0x80,
  kTuple1 = 0x85,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

}  // namespace

Result<Ref> Unpickler::Run() {
  while (!error_ && !done_) {
    opcode_at_ = at_;
    // One opcode after the other; the first error ends it.
    const auto opcode = Take(1);
    if (!opcode.empty()) Step(opcode[0]);
  }
  const Ref top = Pop();
  if (error_) return *std::move(error_);
  return top;
}

void Unpickler::Step(std::uint8_t opcode) {
  if (PushPlain(opcode) || PushNumberOrText(opcode) || Collect(opcode) || UseMemo(opcode)) return;
  switch (opcode) {
    case kProto:
      if (const auto version = Number(1); version < 2 || version > 5)
        Fail(fmt::format("pickle protocol {}, expected 2 to 5", version));
      return;
    case kFrame:
      return static_cast<void>(Number(8));
    case kMark:
      return marks_.push_back(stack_.size());
    case kGlobal: {
      const std::string_view module = Line();
      return PushGlobal(module, Line());
    }
    case kStackGlobal: {
      const Ref global = Pop(), module = Pop();
      return PushGlobal(values_[module].text, values_[global].text);
    }
    case kReduce:
      return Reduce();
    case kBuild:
      return Build();
    case kBinPersId:
      return LoadStorage();
    case kStop:
      done_ = true;
      return;
    default:
      return Fail(fmt::format("found the opcode 0x{:02x}, which no file of tensors has", opcode));
  }
}

bool Unpickler::PushPlain(std::uint8_t opcode) {
  switch (opcode) {
    case kNone:
      return Push({}), true;
    case kNewTrue:
    case kNewFalse:
      return Push({.kind = Kind::kNumber, .number = opcode == kNewTrue}), true;
    case kEmptyTuple:
      return Push({.kind = Kind::kTuple}), true;
    case kEmptyList:
      return Push({.kind = Kind::kList}), true;
    case kEmptyDict:
      return Push({.kind = Kind::kDict}), true;
    default:
      return false;
  }
}

bool Unpickler::PushNumberOrText(std::uint8_t opcode) {
  const auto number = [&](std::int64_t value) {
    Push({.kind = Kind::kNumber, .number = value});
    return true;
  };
  const auto text = [&](std::string_view value) {
    Push({.kind = Kind::kText, .text = value});
    return true;
  };
  switch (opcode) {
    case kBinInt:
      return number(static_cast<std::int32_t>(Number(4)));
    case kBinInt1:
      return number(static_cast<std::int64_t>(Number(1)));
    case kBinInt2:
      return number(static_cast<std::int64_t>(Number(2)));
    case kLong1:
      return PushLong(Number(1)), true;
    case kBinFloat:
      // A real number occurs beside tensors only (a learning rate in a checkpoint): it is passed
      // over.
      Take(8);
      return Push({.kind = Kind::kReal}), true;
    case kBinUnicode:
      return text(Text(Number(4)));
    case kShortBinUnicode:
      return text(Text(Number(1)));
    default:
      return false;
  }
}

bool Unpickler::Collect(std::uint8_t opcode) {
  const auto tuple = [&](std::vector<Ref> items) {
    Push({.kind = Kind::kTuple, .items = std::move(items)});
    return true;
  };
  // The container lies below the items.
  const auto extend = [&](Kind kind, std::vector<Ref> items) {
    const Ref container = Pop();
    Extend(container, kind, std::move(items));
    stack_.push_back(container);
    return true;
  };
  switch (opcode) {
    case kTuple:
      return tuple(PopMarked());
    case kAppend:
      return extend(Kind::kList, PopLast(1));
    case kAppends:
      return extend(Kind::kList, PopMarked());
    case kSetItem:
      return extend(Kind::kDict, PopLast(2));
    case kSetItems:
      return extend(Kind::kDict, PopMarked());
    default:
      if (opcode < kTuple1 || opcode > kTuple3) return false;
      return tuple(PopLast(1u + opcode - kTuple1));
  }
}

void Unpickler::Extend(Ref container, Kind kind, std::vector<Ref> items) {
  Value& value = values_[container];
  if (value.kind != kind || (kind == Kind::kDict && items.size() % 2 != 0))
    return Fail("items are added to what takes none");
  value.items.insert(value.items.end(), items.begin(), items.end());
}

bool Unpickler::UseMemo(std::uint8_t opcode) {
  switch (opcode) {
    case kBinPut:
      return Remember(Number(1)), true;
    case kLongBinPut:
      return Remember(Number(4)), true;
    case kMemoize:
      return Remember(memo_.size()), true;
    case kBinGet:
    case kLongBinGet: {
      const auto found = memo_.find(Number(opcode == kBinGet ? 1 : 4));
      if (found == memo_.end()) return Fail("a value is used that was not kept"), true;
      return stack_.push_back(found->second), true;
    }
    default:
      return false;
  }
}

void Unpickler::Remember(std::uint64_t place) {
  if (stack_.empty()) return Fail("the stack is empty");
  memo_[place] = stack_.back();
}

/// Whether the file is one object of the class that was just named, without arguments: torch.save
/// writes so what is no dictionary, a whole model above all. (A function would be called.)
bool Unpickler::BeginsObject() const {
  if (!stack_.empty()) return false;
  std::span<const std::uint8_t> rest = bytes_.subspan(at_);
  if (!rest.empty() && rest[0] == kBinPut)
    rest = rest.subspan(std::min<std::size_t>(2, rest.size()));
  if (!rest.empty() && rest[0] == kMemoize) rest = rest.subspan(1);
  constexpr std::uint8_t kNewObject = 0x81;
  return rest.size() >= 2 && rest[0] == kEmptyTuple && rest[1] == kNewObject;
}

void Unpickler::PushGlobal(std::string_view module, std::string_view global) {
  if (module == "collections" && global == "OrderedDict") return Push({.kind = Kind::kDictType});
  if (module == "torch._utils" && global == "_rebuild_tensor_v2")
    return Push({.kind = Kind::kTensorType});
  if (module == "torch._utils" && global == "_rebuild_parameter")
    return Push({.kind = Kind::kParameterType});
  const auto type = std::ranges::find(kStorageTypes, global, &NumberType::name);
  if (module == "torch" && type != kStorageTypes.end())
    return Push({.kind = Kind::kStorageType, .type = &*type});
  // The heart of it: a name that is not one of the few above is never looked up, let alone called.
  const std::string name =
      JsonString(std::string(module.substr(0, 80)) + '.' + std::string(global.substr(0, 80)));
  const std::string shown = name.substr(1, name.size() - 2);
  if (BeginsObject())
    return Fail(fmt::format("it is a whole model, not its weights: it asks for {}, which is not "
                            "read, as only Python could run it",
                            shown),
                "if you trust the file, save its weights alone, in Python: torch.save(torch.load("
                "FILE, weights_only=False).state_dict(), NEW)");
  Fail(
      fmt::format("it asks for {}, which is not read: a file may hold tensors, numbers, texts, "
                  "lists and dictionaries; nothing of it was run",
                  shown));
}

void Unpickler::Reduce() {
  const Ref arguments = Pop(), maker = Pop();
  const Value& given = values_[arguments];
  const auto first_is = [&](Kind kind) {
    return !given.items.empty() && values_[given.items[0]].kind == kind;
  };
  const Kind made = values_[maker].kind;
  if (given.kind == Kind::kTuple && made == Kind::kDictType && given.items.empty())
    return Push({.kind = Kind::kDict});
  if (given.kind == Kind::kTuple && made == Kind::kTensorType && given.items.size() >= 4 &&
      first_is(Kind::kStorage))
    // Storage, offset, size, stride; what follows (requires_grad, hooks) is of no use here.
    return Push({.kind = Kind::kTensor, .items = {given.items.begin(), given.items.begin() + 4}});
  if (given.kind == Kind::kTuple && made == Kind::kParameterType && first_is(Kind::kTensor))
    return stack_.push_back(given.items[0]);
  Fail("an object is made in a way that no file of tensors has");
}

// What a state_dict carries beside its tensors: {"_metadata": ...}.
void Unpickler::Build() {
  const Ref attributes = Pop();
  if (stack_.empty() || values_[stack_.back()].kind != Kind::kDict ||
      values_[attributes].kind != Kind::kDict)
    Fail("attributes are given to what has none");
}

// ('storage', torch.FloatStorage, key, device, how many numbers)
void Unpickler::LoadStorage() {
  const Ref id = Pop();
  const std::vector<Ref>& parts = values_[id].items;
  const auto is = [&](std::size_t part, Kind kind) { return values_[parts[part]].kind == kind; };
  if (values_[id].kind != Kind::kTuple || parts.size() < 5 || values_[parts[0]].text != "storage" ||
      !is(1, Kind::kStorageType) || !is(2, Kind::kText) || !is(4, Kind::kNumber) ||
      values_[parts[4]].number < 0)
    return Fail("a storage is named in a way that is not known");
  Push({.kind = Kind::kStorage,
        .number = values_[parts[4]].number,
        .text = values_[parts[2]].text,
        .type = values_[parts[1]].type});
}

}  // namespace delstep::pickle

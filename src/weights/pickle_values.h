#pragma once
/// The values of a pickle, without anything of Python.
#include <cstdint>
#include <string_view>
#include <vector>

#include "weights/number_type.h"

namespace delstep::pickle {

/// A value's place in Values.
using Ref = std::uint32_t;

enum class Kind : std::uint8_t {
  kNone,
  kNumber,         ///< an integer or a truth value: `number`
  kReal,           ///< or an integer of more than 64 bits: its value is not kept
  kText,           ///< `text`
  kTuple,          ///< `items`
  kList,           ///< `items`
  kDict,           ///< `items`: key, value, key, value, ...
  kDictType,       ///< collections.OrderedDict
  kTensorType,     ///< torch._utils._rebuild_tensor_v2
  kParameterType,  ///< torch._utils._rebuild_parameter
  kStorageType,    ///< torch.FloatStorage, ...: `type`
  kStorage,        ///< `text` the key, `type`, `number` how many numbers
  kTensor,         ///< `items`: storage, offset, size, stride
};

struct Value {
  Kind kind = Kind::kNone;
  std::int64_t number = 0;
  std::string_view text{};           ///< points into the pickle
  const NumberType* type = nullptr;  ///< one of a table
  std::vector<Ref> items{};
};
using Values = std::vector<Value>;

}  // namespace delstep::pickle

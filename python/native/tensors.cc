#include <fmt/format.h>
#include <pybind11/numpy.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "python/native/user_parts.h"

namespace delstep {
namespace {

namespace py = pybind11;
using Floats = py::array_t<float, py::array::c_style | py::array::forcecast>;

bool IsInModel(const TensorSpec& tensor) {
  return tensor.role == TensorSpec::Role::kParameter || tensor.role == TensorSpec::Role::kBuffer;
}

const TensorSpec& Find(const RowLayout& layout, const std::string& name) {
  std::vector<std::string> names;
  for (const TensorSpec& tensor : layout.tensors) {
    if (!IsInModel(tensor)) continue;
    if (tensor.name == name) return tensor;
    names.push_back(tensor.name);
  }
  throw py::value_error(
      fmt::format("the model has no tensor '{}'; it has {}", name, Join(names, ", ")));
}

std::string ShapeText(const auto& shape) {
  std::vector<std::string> sizes;
  for (const auto size : shape) sizes.push_back(std::to_string(size));
  return '[' + Join(sizes, ", ") + ']';
}

}  // namespace

void RequireReal(const py::handle numbers, std::string_view who) {
  const auto any = py::array::ensure(numbers);
  if (!any) PyErr_Clear();  // no array at all: whoever converts it says so
  if (any && any.dtype().kind() == 'c')
    throw py::value_error(fmt::format("{} has complex numbers, and models have real ones", who));
}

py::dict TensorsOf(const RowLayout& layout, const float* values, const py::object& base) {
  py::dict tensors;
  for (const TensorSpec& tensor : layout.tensors)
    if (IsInModel(tensor))
      tensors[py::str(tensor.name)] =
          py::array(py::dtype::of<float>(), tensor.shape, {}, values + tensor.offset, base);
  return tensors;
}

void TakeTensors(const RowLayout& layout, const py::dict& tensors, float* values) {
  for (const auto& [key, value] : tensors) {
    const TensorSpec& tensor = Find(layout, py::str(key));
    RequireReal(value, fmt::format("the tensor '{}'", tensor.name));
    const Floats numbers = Floats::ensure(value);
    if (!numbers)
      throw py::value_error(fmt::format("the tensor '{}' is no array of numbers", tensor.name));
    const std::vector<py::ssize_t> shape(numbers.shape(), numbers.shape() + numbers.ndim());
    if (!std::ranges::equal(shape, tensor.shape))
      throw py::value_error(fmt::format("the tensor '{}' has shape {}, not {}", tensor.name,
                                        ShapeText(tensor.shape), ShapeText(shape)));
    std::copy_n(numbers.data(), numbers.size(), values + tensor.offset);
  }
}

}  // namespace delstep

#include "python/native/errors.h"

namespace delstep {

namespace py = pybind11;

py::object PythonText(const std::string& text) {
  const auto size = static_cast<py::ssize_t>(text.size());
  return py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(text.data(), size, "surrogateescape"));
}

// By the C interface: a conversion of pybind11's would throw what is to be told here.
std::string TextOf(py::handle value) {
  const auto text = py::reinterpret_steal<py::object>(PyObject_Str(value.ptr()));
  const auto bytes = py::reinterpret_steal<py::object>(
      text ? PyUnicode_AsEncodedString(text.ptr(), "utf-8", "backslashreplace") : nullptr);
  if (!bytes) {
    PyErr_Clear();
    return "(its text cannot be shown)";
  }
  return {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
}

// The class and the instance are Python's, so that they can be caught by name.
void Raise(const Error& error, const py::object& cause) {
  using namespace py::literals;
  const py::object raised =
      py::module_::import("delstep.errors")
          .attr("error_of")(PythonText(error.message), "code"_a = static_cast<int>(error.code),
                            "hint"_a = PythonText(error.hint), "where"_a = PythonText(error.where),
                            "cause"_a = cause);
  PyErr_SetObject(py::type::of(raised).ptr(), raised.ptr());
  throw py::error_already_set();
}

}  // namespace delstep

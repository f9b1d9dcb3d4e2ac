// SPDX-License-Identifier: Apache-2.0
// .npy files: the bytes of NumPy, the same numbers back, and one line for each file that is none.
#include "tensor/io/npy.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;
using namespace std::string_view_literals;

namespace {

// What numpy.save writes of these numbers, f32.
const std::vector<float> numbers{1, -2.5F, 0.1F, std::numeric_limits<float>::infinity(), 0, 3e-8F};
std::string of_numpy(const std::string& dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }") {
  std::string bytes("\x93NUMPY\x01\0v\0"sv);
  bytes += dictionary;
  bytes.resize(127, ' ');
  bytes += "\n\x00\x00\x80?\x00\x00 \xc0\xcd\xcc\xcc=\x00\x00\x80\x7f\x00\x00\x00\x00Y\xd9\x00\x33"sv;
  return bytes;
}

std::string error(const std::string& bytes) {
  const ScratchFolder folder;
  const std::string path = folder.write("a.npy", bytes);
  const std::string what = error_of<std::runtime_error>([&] { read_npy(path); });
  return what.starts_with(path) ? what.substr(path.size()) : what;
}

}  // namespace

TEST_CASE("npy: rows are written with NumPy's bytes, and read back") {
  const ScratchFolder folder;
  const std::string path = folder / "a.npy";
  NpyWriter writer(path, 3);
  writer.write(std::span(numbers).first(3));
  CHECK(!std::filesystem::exists(path));
  writer.write(std::span(numbers).last(3));
  CHECK(writer.rows() == 2);
  writer.commit();
  CHECK(read_bytes(path) == of_numpy());
  const NpyArray array = read_npy(path);
  CHECK(array.rows == 2);
  CHECK(array.columns == 3);
  CHECK(array.values == numbers);
}

TEST_CASE("npy: no rows, wide rows, rows that are not whole") {
  const ScratchFolder folder;
  NpyWriter none(folder / "none.npy", 384);
  none.write({});
  none.commit();
  const NpyArray array = read_npy(folder / "none.npy");
  CHECK(array.rows == 0);
  CHECK(array.columns == 384);
  NpyWriter writer(folder / "a.npy", 4);
  CHECK_THROWS_WITH_AS(writer.write(numbers), "npy: 6 numbers are no whole rows of 4", std::invalid_argument);
  CHECK_THROWS_AS(NpyWriter(folder / "b.npy", -1), std::invalid_argument);
  CHECK_THROWS_AS(NpyWriter(folder / "no/b.npy", 1), std::runtime_error);
}

TEST_CASE("npy: other orders of the header, and files that are none") {
  const ScratchFolder folder;
  const std::string other = of_numpy("{'shape':(2,3),'fortran_order':False,'descr':'<f4'}");
  CHECK(read_npy(folder.write("a.npy", other)).values == numbers);

  CHECK(error("") == ": is no .npy file");
  CHECK(error("text,label\n") == ": is no .npy file");
  CHECK(error(of_numpy().substr(0, 7)) == ": is cut off within its header");
  CHECK(error(of_numpy().substr(0, 100)) == ": is cut off within its header");
  CHECK(error(of_numpy().substr(0, 140)) == ": has 12 bytes of numbers, its header says 2 x 3");
  CHECK(error(of_numpy() + "x") == ": has 25 bytes of numbers, its header says 2 x 3");
  CHECK(error(std::string("\x93NUMPY\x02\0v\0\0\0"sv)) == ": is a .npy file of version 2.0, expected 1.0");
  const auto of = [](const char* type, const char* order, const char* shape) {
    return error(
        of_numpy(std::string("{'descr': '") + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }"));
  };
  CHECK(of("<f8", "False", "(2, 3)") == ": holds numbers of type <f8, expected <f4 (f32)");
  CHECK(of("<f4", "True", "(2, 3)") == ": is in column-major order (fortran_order)");
  CHECK(of("<f4", "False", "(6,)") == ": holds an array of 1 dimension, expected 2: rows and columns");
  CHECK(of("<f4", "False", "()") == ": holds an array of 0 dimensions, expected 2: rows and columns");
  CHECK(of("<f4", "False", "(1, 2, 3)") == ": holds an array of 3 dimensions, expected 2: rows and columns");
  CHECK(of("<f4", "False", "(4611686018427387904, 4)") ==
        ": has 24 bytes of numbers, its header says 4611686018427387904 x 4");
  for (const char* wrong : {"", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3)}",
                            "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}", "{'descr': '<f4",
                            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x",
                            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
                            "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
                            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 3)}"}) {
    CAPTURE(wrong);
    CHECK(error(of_numpy(wrong)) == ": its header is not one that NumPy writes");
  }
}

// SPDX-License-Identifier: Apache-2.0
// What the rows of the op table (autograd/conformance/) are put through: five checks per row (ops/*.cpp), each a named
// test: "op gelu: gradient". The suite "primitives" holds the rows of the functions that every device has to write.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "autograd/conformance/op_case.h"
#include "autograd/conformance/op_table.h"
#include "autograd/conformance/run.h"
#include "tensor/device.h"

namespace thaw::ops {

// --- ops/expect.cpp ---
// THAW_DEVICE, else all that can be used, but for those that lack a type that the row needs.
std::vector<Device> devices_under_test(const OpCase& row);
void expect_close(const OpCase& row, const std::string& where, const Result& got, const Result& wanted);
void expect_same_bits(const OpCase& row, const std::string& where, const Result& got, const Result& wanted);
void expect(const OpCase& row, bool ok, const std::string& message);

// --- op_table.cpp ---
void begin_test(const char* name);  // the test that begins now

// --- ops/freezing.cpp ---
// What is wrong with the cost of a run with one more frozen input than before, of which its row states the saving;
// empty: nothing. `alone`: it is the only one, and saves exactly that.
std::string freezing_fault(Saving stated, bool alone, const Result& cost, const Result& before);

// --- ops/report.cpp: with THAW_OP_REPORT set, a line per op at the end of the run ---
void checked(const OpCase& row, void (*check)(const OpCase&));
void note_failure(const OpCase& row, const std::string& message);
void note_default_body(const OpCase& row, const std::string& function);
void note_skipped(const OpCase& row, const std::string& reason);

// The checks, each in its own file.
void check_gradient(const OpCase& row);      // against central differences, f64 on the reference
void check_devices(const OpCase& row);       // value and gradients against the reference; twice the same bits
void check_views(const OpCase& row);         // the same from strided memory, and at sizes 0, 1, 3, 17, 257, 4,099
void check_freezing(const OpCase& row);      // every subset of frozen inputs: each saves what it must
void check_default_body(const OpCase& row);  // fused function = its default body

}  // namespace thaw::ops

// SPDX-License-Identifier: Apache-2.0
// Arithmetic as it is written: + - * / between variables (broadcast) and with numbers on either side. Tensors and
// parameters take part as variables. Each makes a new variable, += and its kin too: they change which variable a name
// stands for, never the memory of one.
#pragma once

#include "autograd/functions.h"

namespace thaw {

inline Variable operator+(const Variable& a, const Variable& b) { return add(a, b); }
inline Variable operator-(const Variable& a, const Variable& b) { return sub(a, b); }
inline Variable operator*(const Variable& a, const Variable& b) { return mul(a, b); }
inline Variable operator/(const Variable& a, const Variable& b) { return div(a, b); }
inline Variable operator-(const Variable& x) { return neg(x); }

inline Variable operator+(const Variable& x, double number) { return affine(x, 1, number); }
inline Variable operator-(const Variable& x, double number) { return affine(x, 1, -number); }
inline Variable operator*(const Variable& x, double number) { return scale(x, number); }
inline Variable operator/(const Variable& x, double number) { return scale(x, 1 / number); }

inline Variable operator+(double number, const Variable& x) { return affine(x, 1, number); }
inline Variable operator-(double number, const Variable& x) { return affine(x, -1, number); }
inline Variable operator*(double number, const Variable& x) { return scale(x, number); }
inline Variable operator/(double number, const Variable& x) { return scale(reciprocal(x), number); }

inline Variable& operator+=(Variable& x, const Variable& y) { return x = x + y; }
inline Variable& operator-=(Variable& x, const Variable& y) { return x = x - y; }
inline Variable& operator*=(Variable& x, const Variable& y) { return x = x * y; }
inline Variable& operator/=(Variable& x, const Variable& y) { return x = x / y; }

inline Variable& operator+=(Variable& x, double number) { return x = x + number; }
inline Variable& operator-=(Variable& x, double number) { return x = x - number; }
inline Variable& operator*=(Variable& x, double number) { return x = x * number; }
inline Variable& operator/=(Variable& x, double number) { return x = x / number; }

}  // namespace thaw

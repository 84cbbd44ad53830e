//! Stories of saved plans.

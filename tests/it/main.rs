//! The library as its users meet it, over real files and real HTTP.

mod wire;

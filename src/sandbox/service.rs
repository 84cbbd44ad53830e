//! Cognito's operations on the saved pools.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use super::answer::Refusal;
use super::call::{self, OPERATIONS, SandboxCall};
use super::case::Case;
use super::faults::Effects;
use super::keyed::CollectionCall;
use super::log::Trace;
use super::of_clients::OfClientRow;
use super::paging::{self, PageRequest};
use super::rules;
use super::singles::SingleRow;
use super::state::{Collection, SideDocument, State};
use super::store::Store;
use super::{
    Omission, SandboxError, collections, create, domains, ids, mfa, mirrors, schema, slots, tags, update,
    validate,
};
use crate::document::{Json, Object};
use crate::shapes::Shapes;

/// The largest page of `ListUserPools`. **\[M\]**
const LARGEST_PAGE: usize = 60;

/// The service itself, without HTTP, and only with the faults that change pools.
pub(super) struct Service {
    store: Store,
    shapes: Shapes,
    omission: Omission,
    /// One call at a time, so that no write of this process loses another.
    turn: Mutex<Vec<MadeDocument>>,
}

/// A document that was made: its pool, its collection and its key; the pool itself if there is no collection.
type MadeDocument = (String, Option<Collection>, String);

impl Service {
    pub(super) fn new(store: Store, omission: Omission) -> Self {
        Self { store, shapes: Shapes::bundled(), omission, turn: Mutex::default() }
    }

    /// The answer to a call; nothing for an operation that answers with an empty body.
    pub(super) fn handle(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
    ) -> Result<Option<Json>, Refusal> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        trace.acts();
        if !OPERATIONS.contains(&call.operation.as_str()) {
            let message = format!("The sandbox has no operation {}.", call.operation);
            return Err(Refusal::new("UnknownOperationException", message));
        }
        let shown = |word: &str| self.shows(call, word);
        let request = validate::request(&self.shapes, &call.operation, &call.body, &shown)?;
        let Some(call) = self.located(call)? else { return Ok(Some(domains::nothing())) };
        let call = &*call;
        let operation = call.operation.as_str();
        if let Some(answer) = self.on_side(call, effects, trace, &request, &mut turn) {
            return answer;
        }
        let done = match call.operation.as_str() {
            "CreateUserPool" => return self.make(call, effects, &request, (trace, &mut turn)),
            "ListUserPools" => return self.page(call, effects, &request, &turn),
            "DescribeUserPool" => self.read(call, effects, trace, |state| {
                let mut pool = state.pool.clone();
                mirrors::on_read(&mut pool);
                json!({"UserPool": pool})
            }),
            "GetUserPoolMfaConfig" => {
                self.read(call, effects, trace, |state| Json::Object(mirrors::mfa_on_read(state)))
            }
            "ListTagsForResource" => self.read(
                call,
                effects,
                trace,
                |state| json!({"Tags": state.pool.get("UserPoolTags").cloned().unwrap_or_else(|| json!({}))}),
            ),
            "DeleteUserPool" => return self.delete(call, effects, trace).map(|()| None),
            "SetUserPoolMfaConfig" => self
                .write(call, effects, trace, |live, region| self.written(operation, live, &request, region))
                .map(|state| Json::Object(mirrors::mfa_on_read(&state))),
            _ => self
                .write(call, effects, trace, |live, region| self.written(operation, live, &request, region))
                .map(|_| json!({})),
        };
        done.map(Some)
    }

    /// Makes a pool.
    fn make(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        request: &Object,
        (trace, made): (&mut Trace<'_>, &mut Vec<MadeDocument>),
    ) -> Result<Option<Json>, Refusal> {
        let pool = self.create(call, effects, request, trace)?;
        made.extend(pool["UserPool"]["Id"].as_str().map(|id| (id.to_owned(), None, id.to_owned())));
        Ok(Some(pool))
    }

    /// A page of the list of pools.
    fn page(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        request: &Object,
        made: &[MadeDocument],
    ) -> Result<Option<Json>, Refusal> {
        let is_hidden =
            |id: &str| effects.lags && made.iter().any(|(pool, of, _)| pool == id && of.is_none());
        let mut page = self.list(call, request, &is_hidden)?;
        paging::without_end(effects.endless, request, &mut page);
        Ok(Some(page))
    }

    /// The response to a call about another document than the pool's own; `None` for any other call.
    fn on_side(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
        made: &mut Vec<MadeDocument>,
    ) -> Option<Result<Option<Json>, Refusal>> {
        let (operation, rows) = (call.operation.as_str(), collections::ROWS);
        if let Some(on) = CollectionCall::of(rows, operation, request, id_in(call), &self.shapes) {
            return Some(self.on_collection(call, effects, trace, (&on, made)));
        }
        if let Some(of_client) = collections::of_client(operation, request) {
            return Some(self.on_client(call, effects, trace, request, of_client));
        }
        let single = collections::single(operation)?;
        Some(self.on_single(call, effects, trace, request, single))
    }

    /// The call, about the pool whose domain it names if it names no pool; `None` if no pool has the domain.
    fn located<'a>(&self, call: &'a SandboxCall) -> Result<Option<Cow<'a, SandboxCall>>, Refusal> {
        match (call.operation.as_str(), self.pool_of_domain(call)?) {
            ("DescribeUserPoolDomain", pool) => Ok(pool.map(|pool| Cow::Owned(call.about(&pool)))),
            ("CreateUserPoolDomain", Some(pool)) if call.pool_id() != Some(&pool) => Err(domains::taken()),
            _ => Ok(Some(Cow::Borrowed(call))),
        }
    }

    /// A call of an operation on a document of which a pool has one; `writes` if it writes.
    fn on_single(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
        (row, writes): (&SingleRow, bool),
    ) -> Result<Option<Json>, Refusal> {
        let state = match writes {
            true => self.write(call, effects, trace, |live, region| row.written(live, request, region))?,
            false => self.read(call, effects, trace, State::clone)?,
        };
        row.answer(id_in(call), &state).map(Some)
    }

    /// A call of an operation on a document of which each app client has one; `writes` if it writes.
    fn on_client(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
        (row, writes): (&OfClientRow, bool),
    ) -> Result<Option<Json>, Refusal> {
        let state = match writes {
            true => self.write(call, effects, trace, |live, region| row.written(live, request, region))?,
            false => self.read(call, effects, trace, State::clone)?,
        };
        row.answer(&state, request).map(Some)
    }

    /// The pool, of whichever account, that has the domain which a call names.
    fn pool_of_domain(&self, call: &SandboxCall) -> Result<Option<String>, Refusal> {
        let Some(name) = call.body.get("Domain").and_then(Json::as_str) else { return Ok(None) };
        for id in self.store.ids()? {
            if self.store.load(&id)?.is_some_and(|state| slots::has(&state, name)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Whether the documents of the pool that a call names contain this word.
    fn shows(&self, call: &SandboxCall, word: &str) -> bool {
        let live = call.pool_id().and_then(|id| self.store.load(id).ok().flatten());
        live.is_some_and(|live| {
            let mut sides = SideDocument::ALL.into_iter().filter_map(|side| side.of(&live));
            validate::says(&live.pool, word) || sides.any(|document| validate::says(document, word))
        })
    }

    /// A call of an operation on groups, app clients and the like.
    fn on_collection(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        (on, made): (&CollectionCall<'_>, &mut Vec<MadeDocument>),
    ) -> Result<Option<Json>, Refusal> {
        if on.lists() {
            let is_hidden = |key: &str| {
                let mut made = made.iter().filter(|_| effects.lags);
                made.any(|(pool, of, own)| pool == id_in(call) && *of == Some(on.collection()) && own == key)
            };
            let mut page = self.read(call, effects, trace, |state| on.page(state, &is_hidden))??;
            paging::without_end(effects.endless, &call.body, &mut page);
            return Ok(Some(page));
        }
        if !on.writes() {
            return self.read(call, effects, trace, |state| on.answer(state))?;
        }
        let after = self.write(call, effects, trace, |live, _| {
            let mut after = on.after(live, self.omission)?;
            slots::name(&mut after);
            Ok(after)
        })?;
        if on.creates() {
            made.push((id_in(call).to_owned(), Some(on.collection()), on.key().to_owned()));
        }
        on.answer(&after)
    }

    /// The pool after an operation that writes one of its own documents. Only such an operation changes the date
    /// of the pool's last change. **\[I\]**
    fn written(
        &self,
        operation: &str,
        live: &State,
        request: &Object,
        region: &str,
    ) -> Result<State, Refusal> {
        let (mut after, rules) = match operation {
            "UpdateUserPool" => {
                (update::apply(live, request, self.omission, &self.shapes, region), rules::UPDATE)
            }
            "SetUserPoolMfaConfig" => (mfa::set(live, request, region), rules::SET_MFA),
            "AddCustomAttributes" => (schema::added(live, request)?, rules::NONE),
            "TagResource" => (tags::add(live, request)?, rules::NONE),
            _ => (tags::remove(live, request)?, rules::NONE),
        };
        rules::check(rules, &Case { request, live: Some(live), after: &after, region })?;
        ids::touch(&mut after.pool);
        Ok(after)
    }

    fn create(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        request: &Object,
        trace: &mut Trace<'_>,
    ) -> Result<Json, Refusal> {
        self.refuse_members(call, effects)?;
        let region = call.caller.region.as_deref().unwrap_or(ids::DEFAULT_REGION);
        let (id, state) = create::apply(request, &self.shapes, region, call.caller.account())?;
        rules::check(rules::CREATE, &Case { request, live: None, after: &state, region })?;
        self.store.save(&id, &state)?;
        trace.changes(&State::default(), &state);
        Ok(json!({"UserPool": state.pool}))
    }

    fn list(
        &self,
        call: &SandboxCall,
        request: &Object,
        is_hidden: &dyn Fn(&str) -> bool,
    ) -> Result<Json, Refusal> {
        let asked = PageRequest::of(request, "MaxResults", LARGEST_PAGE)?;
        let mut pools = Vec::new();
        let mut last = None;
        for id in self.store.ids()?.into_iter().filter(|id| asked.reaches(id) && !is_hidden(id)) {
            let Some(state) = self.store.load(&id)?.filter(|state| visible(call, &id, state)) else {
                continue;
            };
            if pools.len() == asked.size {
                let token = last.map(|id: String| paging::token(&id));
                return Ok(json!({"UserPools": pools, "NextToken": token}));
            }
            pools.push(summary(&state.pool));
            last = Some(id);
        }
        Ok(json!({"UserPools": pools}))
    }

    fn delete(&self, call: &SandboxCall, effects: &Effects, trace: &mut Trace<'_>) -> Result<(), Refusal> {
        let (id, live) = self.open(call)?;
        self.refuse_members(call, effects)?;
        if live.pool.get("DeletionProtection") == Some(&json!("ACTIVE")) {
            return Err(Refusal::invalid(
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection \
                 must be inactivated first.",
            ));
        }
        if live.pool.contains_key("Domain") || live.pool.contains_key("CustomDomain") {
            // [R] the wording that users quote.
            return Err(Refusal::invalid(
                "User pool cannot be deleted. It has a domain configured that should be deleted first.",
            ));
        }
        self.store.remove(id)?;
        trace.changes(&live, &State::default());
        Ok(())
    }

    /// Reads a pool; another writer may come right after.
    fn read<T>(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        answer: impl FnOnce(&State) -> T,
    ) -> Result<T, Refusal> {
        let (id, mut state) = self.open(call)?;
        let answer = answer(&state);
        self.move_members(id, &mut state, effects, trace)?;
        Ok(answer)
    }

    /// Writes what `change` makes of a pool; another writer may come right before.
    fn write(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        change: impl FnOnce(&State, &str) -> Result<State, Refusal>,
    ) -> Result<State, Refusal> {
        let (id, mut live) = self.open(call)?;
        self.move_members(id, &mut live, effects, trace)?;
        self.refuse_members(call, effects)?;
        let mut after = change(&live, ids::region_of(id).unwrap_or(ids::DEFAULT_REGION))?;
        for place in &effects.ignored {
            place.keep(&live, &mut after);
        }
        for edit in &effects.drifts {
            edit.apply(&mut after);
        }
        self.store.save(id, &after)?;
        trace.changes(&live, &after);
        Ok(after)
    }

    fn move_members(
        &self,
        id: &str,
        state: &mut State,
        effects: &Effects,
        trace: &mut Trace<'_>,
    ) -> Result<(), Refusal> {
        if effects.moves.is_empty() {
            return Ok(());
        }
        let before = state.clone();
        for edit in &effects.moves {
            edit.apply(state);
        }
        if state.collections == before.collections {
            ids::touch(&mut state.pool);
        }
        self.store.save(id, state)?;
        trace.moves(&before, state);
        Ok(())
    }

    fn refuse_members(&self, call: &SandboxCall, effects: &Effects) -> Result<(), Refusal> {
        let mut quoted = effects.quoted.iter().filter_map(|member| Some((member, call.body.get(member)?)));
        if let Some((member, value)) = quoted.next() {
            let message = format!("Value '{value}' at '{member}' failed to satisfy constraint");
            return Err(Refusal::invalid(message));
        }
        let refused = effects.refused.iter().find(|member| call.body.contains_key(*member));
        refused.map_or(Ok(()), |member| {
            Err(Refusal::invalid(format!("The parameter {member} is not supported for this user pool.")))
        })
    }

    /// The pool that a call names, as its caller may see it.
    fn open<'a>(&self, call: &'a SandboxCall) -> Result<(&'a str, State), Refusal> {
        let id = match call.body.get("ResourceArn").and_then(Json::as_str) {
            Some(arn) => {
                call::pool_of_arn(arn).ok_or_else(|| Refusal::invalid(format!("Invalid ARN: {arn}")))?
            }
            None => match call.body.get("UserPoolId").and_then(Json::as_str) {
                Some(id) => id,
                None => return Err(validate::missing("UserPoolId")),
            },
        };
        match self.store.load(id)? {
            Some(state) if visible(call, id, &state) => Ok((id, state)),
            _ => Err(Refusal::no_pool(id)),
        }
    }
}

/// Whether the caller's Region and account are the pool's. A call that is not signed sees every pool, and
/// a saved pool without an ARN is everybody's.
fn visible(call: &SandboxCall, id: &str, state: &State) -> bool {
    let here = call.caller.region.as_deref().is_none_or(|region| ids::region_of(id) == Some(region));
    let owner = state.pool.get("Arn").and_then(Json::as_str).and_then(ids::account_of);
    let mine = match (owner, call.caller.signed_account()) {
        (Some(owner), Some(caller)) => owner == caller,
        _ => true,
    };
    here && mine
}

/// The id of the pool that a call about one has named.
fn id_in(call: &SandboxCall) -> &str {
    call.pool_id().unwrap_or_default()
}

/// What a list says of a pool. **\[M\]**
fn summary(pool: &Object) -> Json {
    let members = ["Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"];
    members.iter().filter_map(|name| Some(((*name).to_owned(), pool.get(*name)?.clone()))).collect()
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        Self::internal(error.to_string())
    }
}
